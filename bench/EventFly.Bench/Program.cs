using EventFly.Bench.Baselines;
using EventFly.Bench.Running;

switch (args)
{
    case ["serve-constant"]:
        await BareProxy.RunConstant();
        return 0;
    case ["serve-bare-proxy", var target]:
        await BareProxy.Run(target);
        return 0;
    default:
        return await BenchRun.Run(args);
}
