using System.Globalization;
using EventFly.BuildingBlocks.Messaging;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EventFly.Operator;

/// <summary>Lists messages that could not be handled, and hands them to their listener once more.</summary>
internal static class DeadLettersCommand
{
    public const string Usage = """
        usage: ./eventfly dead-letters list [--listener <service>] [--nats <url>]
               ./eventfly dead-letters replay <number>|all [--listener <service>] [--nats <url>]

          --nats <url>          the bus (default: ConnectionStrings__nats, else nats://127.0.0.1:4222; the dashboard shows it at the resource nats)
          --listener <service>  only those of one service
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<int> Run(string[] args, TextWriter output, TextWriter error)
    {
        if (Read(args) is not { } wanted)
        {
            await error.WriteLineAsync(Usage);
            return 2;
        }

        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:nats", wanted.Nats)]);
        try
        {
            builder.AddNatsClient("nats");
            await using var services = builder.Services.BuildServiceProvider();
            using var limit = new CancellationTokenSource(Patience);
            return await Run(wanted, services.GetRequiredService<IDeadLetters>(), output, limit.Token);
        }
        catch (Exception failed) when (failed is BusUnavailableException or OperationCanceledException or InvalidOperationException)
        {
            await error.WriteLineAsync(
                failed is InvalidOperationException ? failed.Message : "The bus does not answer: name it with --nats, as the dashboard shows it at the resource nats.");
            return 1;
        }
    }

    private static async Task<int> Run(Wanted wanted, IDeadLetters letters, TextWriter output, CancellationToken cancellationToken)
    {
        var count = 0;
        long after = 0;
        while (await letters.List(wanted.Listener, after, 200, cancellationToken) is { Count: > 0 } page)
        {
            foreach (var letter in page.Where(letter => wanted.Number is null || letter.Sequence == wanted.Number))
            {
                count++;
                var line = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{letter.Sequence,6}  {letter.At:yyyy-MM-dd HH:mm:ss}  {letter.Listener,-14} {letter.Subject}  after {letter.Attempts} tries: {letter.Reason}");
                var outcome = !wanted.Replay ? "" : await letters.Replay(letter.Sequence, cancellationToken) ? "  -> replayed" : "  -> gone already";
                await output.WriteLineAsync(line + outcome);
            }

            after = page[^1].Sequence;
        }

        if (count > 0)
        {
            return 0;
        }

        await output.WriteLineAsync(wanted.Number is { } number ? $"There is no dead letter {number}." : "There are no dead letters.");
        return wanted.Number is null ? 0 : 1;
    }

    private static Wanted? Read(string[] args)
    {
        var nats = Environment.GetEnvironmentVariable("ConnectionStrings__nats") is { Length: > 0 } configured ? configured : "nats://127.0.0.1:4222";
        string? listener = null;
        List<string> words = [];
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--nats" when i + 1 < args.Length:
                    nats = args[++i];
                    break;
                case "--listener" when i + 1 < args.Length:
                    listener = args[++i];
                    break;
                default:
                    words.Add(args[i]);
                    break;
            }
        }

        return words switch
        {
            ["list"] => new Wanted(false, null, listener, nats),
            ["replay", "all"] => new Wanted(true, null, listener, nats),
            ["replay", var text] when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => new Wanted(true, number, listener, nats),
            _ => null,
        };
    }

    private sealed record Wanted(bool Replay, long? Number, string? Listener, string Nats);
}
