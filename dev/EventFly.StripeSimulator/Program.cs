using EventFly.StripeSimulator;

var builder = WebApplication.CreateBuilder(args);
builder.AddStripeSimulator();

var app = builder.Build();
app.MapStripeSimulator();
app.Run();
