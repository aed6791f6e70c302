using EventFly.Events;
using EventFly.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("events");
builder.AddDatabase("events-db");
builder.AddNatsClient("nats");
builder.AddRedisClient("redis");
builder.AddEvents();

var app = builder.Build();
app.UseServiceDefaults();
app.MapDefaultEndpoints();
app.MapEvents();
app.Run();
