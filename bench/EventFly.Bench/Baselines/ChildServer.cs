using System.Diagnostics;

namespace EventFly.Bench.Baselines;

/// <summary>This program again, as a server in a process of its own, with the garbage collector that the services have.</summary>
internal sealed class ChildServer : IDisposable
{
    private readonly Process process;

    private ChildServer(Process process, Uri address) => (this.process, Address) = (process, address);

    public Uri Address { get; }

    public int Id => process.Id;

    public static async Task<ChildServer> Start(string[] arguments, string? input, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ChildServer).Assembly.Location, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        var process = Process.Start(start)!;
        try
        {
            if (input is not null)
            {
                await process.StandardInput.WriteLineAsync(input.AsMemory(), cancellationToken);
            }

            var address = await process.StandardOutput.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException("The server did not start.");
            return new ChildServer(process, new Uri(address));
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }
}
