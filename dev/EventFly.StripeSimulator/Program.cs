using EventFly.StripeSimulator;

var builder = WebApplication.CreateBuilder(args);
builder.AddStripeSimulator();

var app = builder.Build();
app.MapStripeSimulator();
app.Run();

/// <summary>Internal, so that tests of a service that use this process too see one Program only.</summary>
internal partial class Program;
