namespace EventFly.BuildingBlocks.Tests.Storage;

internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("eventfly-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
