using EventFly.Mailbox;
using EventFly.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults("mailbox");
builder.AddNatsClient("nats");
builder.AddMailbox();

var app = builder.Build();
app.UseMailbox();
app.UseServiceDefaults();
app.MapDefaultEndpoints();
app.MapMailbox();
app.Run();
