using EventFly.Auth;
using EventFly.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("auth");
builder.AddDatabase("auth-db");
builder.AddNatsClient("nats");
builder.AddRedisClient("redis");
builder.AddAuth();

var app = builder.Build();
app.UseForwardedHeaders();
app.UseServiceDefaults();
app.MapDefaultEndpoints();
app.MapAuth();
app.Run();
