using EventFly.Participants;
using EventFly.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("participants");
builder.AddDatabase("participants-db");
builder.AddNatsClient("nats");
builder.AddRedisClient("redis");
builder.AddParticipants();

var app = builder.Build();
app.UseForwardedHeaders();
app.UseServiceDefaults();
app.MapDefaultEndpoints();
app.MapParticipants();
app.Run();
