using System.Reflection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>Lets a test run an AppHost's own program and step in between: before the build and instead of the wait at the end.</summary>
internal sealed class AppHostHook(Assembly assembly, Action<DistributedApplicationOptions, HostApplicationBuilderSettings> adjust)
{
    private static readonly AsyncLocal<AppHostHook?> _current = new();

    private readonly TaskCompletionSource<DistributedApplicationBuilder> _described = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _mayBuild = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> _built = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _mayEnd = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static AppHostHook? Current
    {
        get => _current.Value;
        set => _current.Value = value;
    }

    public Assembly Assembly { get; } = assembly;

    public Task<DistributedApplicationBuilder> Described => _described.Task;

    public void Adjust(DistributedApplicationOptions options, HostApplicationBuilderSettings host) => adjust(options, host);

    /// <summary>Called on the thread of the AppHost's program, which has nothing else to do than to wait for the test.</summary>
    public void OnBuilding(DistributedApplicationBuilder builder)
    {
        _described.TrySetResult(builder);
        _mayBuild.Task.GetAwaiter().GetResult();
    }

    public void OnBuilt(DistributedApplication application) => _built.TrySetResult(application);

    public Task Run() => _mayEnd.Task;

    public Task<DistributedApplication> Build()
    {
        _mayBuild.TrySetResult();
        return _built.Task;
    }

    public void End()
    {
        _mayEnd.TrySetResult();
        _mayBuild.TrySetCanceled();
    }

    public void EndUnlessBuilt()
    {
        if (!_built.Task.IsCompleted) End();
    }

    public void Failed(Exception error)
    {
        _described.TrySetException(error);
        _built.TrySetException(error);
    }
}
