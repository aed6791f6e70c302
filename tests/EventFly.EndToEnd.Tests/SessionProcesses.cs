using System.Globalization;
using System.Text;

namespace EventFly.EndToEnd.Tests;

/// <summary>The processes of one run: all have the path of the engine's session folder among their variables.</summary>
internal static class SessionProcesses
{
    public static List<string> Of(string sessionFolder) =>
    [
        .. All().Where(process => Variables(process).Any(variable => variable.Contains(sessionFolder, StringComparison.Ordinal)))
            .Select(process => Read(Path.Combine(process, "cmdline")).Replace('\0', ' '))
            .Where(command => command.Length > 0),
    ];

    public static async Task AwaitNone(string sessionFolder, TimeSpan atMost)
    {
        using var patience = new CancellationTokenSource(atMost);
        while (Of(sessionFolder) is { Count: > 0 } left)
        {
            Assert.False(patience.IsCancellationRequested, $"Still there: {string.Join(Environment.NewLine, left)}");
            await Task.Delay(100);
        }
    }

    /// <summary>The engine is told which process it watches; its folder is among its variables.</summary>
    public static string FolderOfChildrenOf(int appHost)
    {
        var watched = $"--monitor\0{appHost.ToString(CultureInfo.InvariantCulture)}\0";
        var engine = All().First(process => Read(Path.Combine(process, "cmdline")).Contains(watched, StringComparison.Ordinal));
        return Variables(engine).First(variable => variable.StartsWith("DCP_SESSION_FOLDER=", StringComparison.Ordinal)).Split('=')[1];
    }

    private static IEnumerable<string> All() =>
        Directory.EnumerateDirectories("/proc").Where(process => char.IsAsciiDigit(Path.GetFileName(process)[0]));

    private static string[] Variables(string process) => Read(Path.Combine(process, "environ")).Split('\0');

    // A process may end while it is looked at.
    private static string Read(string file)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(file));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
