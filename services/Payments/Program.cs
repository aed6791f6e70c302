using EventFly.Payments;
using EventFly.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("payments");
builder.AddDatabase("payments-db");
builder.AddNatsClient("nats");
builder.AddRedisClient("redis");
builder.AddPayments();

var app = builder.Build();
app.UseServiceDefaults();
app.MapDefaultEndpoints();
app.MapPayments();
app.Run();
