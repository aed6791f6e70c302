namespace EventFly.Testing; public sealed class Placeholder;
