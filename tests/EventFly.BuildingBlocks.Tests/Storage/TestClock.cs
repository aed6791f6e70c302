namespace EventFly.BuildingBlocks.Tests.Storage;

public sealed class TestClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2030, 5, 1, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}
