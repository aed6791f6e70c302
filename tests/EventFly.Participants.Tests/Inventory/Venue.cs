using EventFly.Participants.Inventory;

namespace EventFly.Participants.Tests.Inventory;

/// <summary>Kinds of tickets that draw on halls, for tests that sell at random and change the terms as they go.</summary>
/// <param name="draws">Whether a type (row) draws on a hall (column).</param>
/// <param name="limits">Per buyer, of each type.</param>
internal sealed class Venue(int[] quantities, int[] capacities, bool[,] draws, int?[] limits)
{
    public static readonly DateTimeOffset Start = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    public Guid[] Types { get; } = [.. quantities.Select(_ => Guid.CreateVersion7())];

    public Guid[] Halls { get; } = [.. capacities.Select(_ => Guid.CreateVersion7())];

    public int? LimitOf(Guid type) => limits[Array.IndexOf(Types, type)];

    /// <summary>Of a type or of a hall.</summary>
    public int CapacityOf(Guid key) => Array.IndexOf(Types, key) is >= 0 and var type ? quantities[type] : capacities[Array.IndexOf(Halls, key)];

    public Guid[] HallsOf(Guid type) => [.. Halls.Where((_, hall) => draws[Array.IndexOf(Types, type), hall])];

    public Guid[] TypesIn(Guid hall) => [.. Types.Where((_, type) => draws[type, Array.IndexOf(Halls, hall)])];

    public EventTerms Terms() => new(
        Guid.Empty, Guid.Empty, "Concert", Start.AddYears(1), Start.AddYears(2), null,
        [.. Types.Select((type, index) => new TicketTerms(type, "Seat", 100, "EUR", quantities[index], null, null, limits[index]) { QuotaIds = HallsOf(type) })])
    {
        Quotas = [.. Halls.Select((hall, index) => new QuotaTerms(hall, "Hall", capacities[index]))],
    };

    /// <summary>The terms with another quantity, another capacity, or a type that draws on a hall or no longer.</summary>
    public EventTerms Changed(Random random, Func<int, int> quantity, Func<int, int> capacity)
    {
        var (type, hall) = (random.Next(quantities.Length), random.Next(capacities.Length));
        switch (random.Next(3))
        {
            case 0:
                quantities[type] = quantity(quantities[type]);
                break;
            case 1:
                capacities[hall] = capacity(capacities[hall]);
                break;
            default:
                draws[type, hall] = !draws[type, hall];
                break;
        }

        return Terms();
    }
}
