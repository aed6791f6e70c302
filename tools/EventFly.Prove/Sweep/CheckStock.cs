namespace EventFly.Prove.Sweep;

internal static class CheckStock
{
    public const string Name = "sold plus held never above what there is, at every version";

    public static Finding NeverOversold(StockRecount stock) => new(
        Name, stock.Versions, stock.Versions > 0 && stock.There.Count > 0 ? stock.Differences : ["There was nothing on sale.", .. stock.Differences]);
}
