using System.Reflection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>Starts an AppHost inside a test's process, by running its own program up to the point where it builds.</summary>
public static class DistributedApplicationTestingBuilder
{
    private static readonly TimeSpan _describingTakesAtMost = TimeSpan.FromMinutes(1);

    /// <summary>Runs the AppHost that the type belongs to, usually <c>Projects.Name_AppHost</c>.</summary>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync<TEntryPoint>([], cancellationToken);

    /// <summary>Runs the AppHost that the type belongs to with arguments.</summary>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(string[] args, CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync(typeof(TEntryPoint), args, cancellationToken);

    /// <summary>Runs the AppHost that the type belongs to with arguments. There is no dashboard unless the options are changed.</summary>
    /// <exception cref="DistributedApplicationException">The program ended before it built anything.</exception>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(
        string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder, CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync(typeof(TEntryPoint), args, configureBuilder, cancellationToken);

    /// <summary>Runs the AppHost that the type belongs to with arguments.</summary>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync(
        Type entryPoint, string[] args, CancellationToken cancellationToken = default) =>
        CreateAsync(entryPoint, args, static (_, _) => { }, cancellationToken);

    /// <summary>Runs the AppHost that the type belongs to with arguments. There is no dashboard unless the options are changed.</summary>
    /// <exception cref="DistributedApplicationException">The program ended before it built anything.</exception>
    public static async Task<IDistributedApplicationTestingBuilder> CreateAsync(
        Type entryPoint, string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder,
        CancellationToken cancellationToken = default)
    {
        var main = entryPoint.Assembly.EntryPoint
            ?? throw new DistributedApplicationException($"{entryPoint.Assembly.GetName().Name} is no program.");
        var hook = new AppHostHook(entryPoint.Assembly, (options, host) =>
        {
            options.DisableDashboard = true;
            host.EnvironmentName = Environments.Development;
            configureBuilder(options, host);
        });
        // A thread of its own: the program waits on it, in its last line, for as long as the test runs.
        new Thread(() => RunMain(main, args, hook)) { IsBackground = true, Name = "AppHost" }.Start();
        return new TestingBuilder(await hook.Described.WaitAsync(_describingTakesAtMost, cancellationToken), hook);
    }

    /// <summary>Begins with an empty application, for tests that describe their own. There is no dashboard.</summary>
    public static IDistributedApplicationTestingBuilder Create(params string[] args) => Create(args, static (_, _) => { });

    /// <summary>Begins with an empty application, for tests that describe their own. There is no dashboard unless the options are changed.</summary>
    public static IDistributedApplicationTestingBuilder Create(
        string[] args, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder) =>
        new TestingBuilder(
            new DistributedApplicationBuilder(new DistributedApplicationOptions { Args = args, DisableDashboard = true }, configureBuilder), hook: null);

    private static void RunMain(MethodInfo main, string[] args, AppHostHook hook)
    {
        AppHostHook.Current = hook;
        try
        {
            var exitCode = main.Invoke(null, main.GetParameters().Length == 0 ? [] : [args]);
            hook.Failed(new DistributedApplicationException(
                $"The AppHost ended with exit code {exitCode ?? 0} before it built anything; it says why on standard error."));
        }
#pragma warning disable CA1031 // Whatever the program throws belongs to the test that runs it.
        catch (Exception error)
#pragma warning restore CA1031
        {
            hook.Failed(error is TargetInvocationException { InnerException: { } inner } ? inner : error);
        }
    }
}
