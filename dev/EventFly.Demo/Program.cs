using EventFly.Demo;

var (options, fault) = DemoOptions.Read(args, Environment.GetEnvironmentVariable);
if (options is null)
{
    Console.Error.WriteLine(fault);
    return 2;
}

using var end = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    end.Cancel();
};

using var gateway = new Gateway(options.Gateway);
return await Walkthrough.Run(gateway, options, Console.Out, end.Token);
