using EventFly.Operator;

using var end = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    end.Cancel();
};

return args switch
{
    ["store", .. var rest] => await StoreCopyCommand.Run(rest, Console.Out, Console.Error, end.Token),
    ["mongo", .. var rest] => await ShardPlanCommand.Run(rest, Console.Out, Console.Error, end.Token),
    ["dead-letters", .. var rest] => await DeadLettersCommand.Run(rest, Console.Out, Console.Error),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(DeadLettersCommand.Usage);
    Console.Error.WriteLine(StoreCopyCommand.Usage);
    Console.Error.WriteLine(ShardPlanCommand.Usage);
    return 2;
}
