using EventFly.Operator;

return args switch
{
    ["dead-letters", .. var rest] => await DeadLettersCommand.Run(rest, Console.Out, Console.Error),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(DeadLettersCommand.Usage);
    return 2;
}
