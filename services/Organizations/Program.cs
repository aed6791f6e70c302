using EventFly.Organizations;
using EventFly.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("organizations");
builder.AddDatabase("organizations-db");
builder.AddNatsClient("nats");
builder.AddRedisClient("redis");
builder.AddOrganizations();

var app = builder.Build();
app.UseServiceDefaults();
app.MapDefaultEndpoints();
app.MapOrganizations();
app.Run();
