using System.Runtime.InteropServices;
using EventFly.Prove;

if (ProveOptions.Read(args, Console.Error) is not { } options) return 2;
#if !SABOTAGE
if (options.Break is not null)
{
    Console.Error.WriteLine("No protection can be taken away in this build: ./eventfly prove --break makes one of its own.");
    return 2;
}
#endif

using var stop = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    var findings = await ProveRun.Run(options, Console.Out, stop.Token);
    var red = findings.Where(finding => finding.Differences.Count > 0).ToList();
    Console.WriteLine(red.Count == 0 ? "No difference." : $"{red.Sum(finding => finding.Differences.Count)} differences in {red.Count} of {findings.Count} checks.");
    return red.Count == 0 ? 0 : 1;
}
catch (Exception failed) when (failed is TimeoutException or InvalidOperationException or Aspire.Hosting.DistributedApplicationException or OperationCanceledException)
{
    Console.Error.WriteLine(stop.IsCancellationRequested ? "Stopped." : $"It could not run: {failed.Message}");
    return 2;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
