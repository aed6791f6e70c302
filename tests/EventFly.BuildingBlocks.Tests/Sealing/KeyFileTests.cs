using EventFly.BuildingBlocks.Secrets;

namespace EventFly.BuildingBlocks.Tests.Sealing;

public sealed class KeyFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("eventfly-test-").FullName;

    private string File => Path.Combine(folder, "keys", "mail.key");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_key_is_made_once_and_for_its_owner_alone()
    {
        Assert.True(KeyFile.Make(File));
        var key = KeyFile.Read(File);

        Assert.False(KeyFile.Make(File));
        Assert.Equal(key, KeyFile.Read(File));
        Assert.Equal(32, key.Distinct().Count() > 1 ? key.Length : 0);
        Assert.False(KeyFile.IsOpenToOthers(File));
        Assert.Equal([File], Directory.GetFiles(Path.GetDirectoryName(File)!));
    }

    [Fact]
    public async Task Of_many_that_make_it_at_once_one_does_and_all_read_the_same()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => (New: KeyFile.Make(File), Key: Convert.ToHexString(KeyFile.Read(File))))));

        Assert.Single(made, one => one.New);
        Assert.Single(made.Select(one => one.Key).Distinct());
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(File)!));
    }

    [Fact]
    public void A_file_that_others_may_read_is_noticed()
    {
        KeyFile.Make(File);
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        }

        Assert.Equal(!OperatingSystem.IsWindows(), KeyFile.IsOpenToOthers(File));
    }

    [Fact]
    public void A_file_that_is_no_key_is_refused_by_name()
    {
        Assert.Contains(File, Assert.Throws<InvalidOperationException>(() => KeyFile.Read(File)).Message, StringComparison.Ordinal);
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllBytes(File, new byte[31]);
        Assert.Contains($"{File} must hold 32 bytes", Assert.Throws<InvalidOperationException>(() => KeyFile.Read(File)).Message, StringComparison.Ordinal);
    }
}
