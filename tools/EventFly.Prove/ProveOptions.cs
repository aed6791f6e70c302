using System.Globalization;

namespace EventFly.Prove;

/// <summary>What can be said on the command line.</summary>
/// <param name="Break">The protection that is taken away, or null.</param>
/// <param name="Keep">Where databases, logs and differences stay after the run, or null.</param>
internal sealed record ProveOptions(int Tickets, int Buyers, int Seed, int Kills, string? Break, string? Keep)
{
    public const string Usage = """
        usage: ./eventfly prove [arguments]

          --tickets <n>         on sale (default: 5000)
          --buyers <n>          who come (default: 20000)
          --seed <n>            decides what everybody does and what is killed when (default: drawn, and printed)
          --kills <n>           how many processes are killed with -9 (default: 8)
          --keep <folder>       keeps databases, logs and all differences
          --break <protection>  takes one away, in a build of its own, and must be caught: version-check, hold-expiry, webhook-dedupe or outbox

        Exit code 0: nothing is oversold, nobody paid for nothing, and all that was said is true. 1: differences were found. 2: it could not run.
        """;

    public static readonly IReadOnlyList<string> Protections = ["version-check", "hold-expiry", "webhook-dedupe", "outbox"];

    public static ProveOptions? Read(string[] args, TextWriter error)
    {
        var options = new ProveOptions(5_000, 20_000, Random.Shared.Next(1, 1_000_000), 8, null, null);
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : null;
            var read = (args[i], value) switch
            {
                ("--tickets", { } text) when Number(text, 10, 1_000_000) is { } number => options with { Tickets = number },
                ("--buyers", { } text) when Number(text, 1, 1_000_000) is { } number => options with { Buyers = number },
                ("--seed", { } text) when Number(text, 0, int.MaxValue) is { } number => options with { Seed = number },
                ("--kills", { } text) when Number(text, 0, 100) is { } number => options with { Kills = number },
                ("--break", { } text) when Protections.Contains(text) => options with { Break = text },
                ("--keep", { Length: > 0 } text) => options with { Keep = Path.GetFullPath(text) },
                _ => null,
            };
            if (read is null)
            {
                error.WriteLine(args[i] is "--help" ? Usage : $"'{string.Join(' ', args[i..])}' is not understood.{Environment.NewLine}{Usage}");
                return null;
            }

            options = read;
        }

        return options;
    }

    private static int? Number(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null;
}
