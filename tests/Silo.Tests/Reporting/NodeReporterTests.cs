using System.Reflection;
using Grid.Abstractions.Grains;
using Grid.Silo.Reporting;
using Grid.Silo.Tests.Shards;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Grid.Silo.Tests.Reporting;

public sealed class NodeReporterTests
{
    [Fact]
    public async Task Report_OverASiloThatWasStopped_IsGivenUpAndTheNextGoesOverTheNewOne()
    {
        await using var bed = new ShardHostBed();
        var time = new FakeTimeProvider();
        var (stopped, running) = (CallProxy.Create<IGridGrain>(), CallProxy.Create<IGridGrain>());
        stopped.Answer = static _ => new TaskCompletionSource<string[]>().Task;
        running.Answer = static _ => Task.FromResult<string[]>([]);
        var link = Link(stopped);
        await using var reporter = new NodeReporter(bed.Host, () => link, NullLogger.Instance, time);
        await stopped.Called(nameof(IGridGrain.ReportNode));

        link = Link(running);
        var answered = running.Called(nameof(IGridGrain.ReportNode));
        for (var second = 0; second < 1000 && !answered.IsCompleted; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(answered, Task.Delay(10, TestContext.Current.CancellationToken));
        }

        Assert.True(answered.IsCompleted, "No report went over the running silo.");
    }

    [Fact]
    public async Task Dispose_WhileACallIsNeverAnswered_Ends()
    {
        await using var bed = new ShardHostBed();
        var silent = CallProxy.Create<IGridGrain>();
        silent.Answer = static _ => new TaskCompletionSource<string[]>().Task;
        var reporter = new NodeReporter(bed.Host, () => Link(silent), NullLogger.Instance, new FakeTimeProvider());
        await silent.Called(nameof(IGridGrain.ReportNode));
        await reporter.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    private static ClusterLink Link(CallProxy grid)
    {
        var factory = CallProxy.Create<IGrainFactory>();
        factory.Answer = _ => grid;
        return new((IGrainFactory)(object)factory, "127.0.0.1:1@1");
    }

    /// <summary>Answers every call of an interface alike, and knows which were made.</summary>
    public class CallProxy : DispatchProxy
    {
        private readonly Dictionary<string, TaskCompletionSource> _called = [];

        public Func<MethodInfo, object> Answer { get; set; } = _ => Task.CompletedTask;

        public static CallProxy Create<T>()
            where T : class => (CallProxy)(object)Create<T, CallProxy>();

        public Task Called(string method) => SourceOf(method).Task;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            SourceOf(targetMethod!.Name).TrySetResult();
            return Answer(targetMethod);
        }

        private TaskCompletionSource SourceOf(string method)
        {
            lock (_called)
                return _called.TryGetValue(method, out var source)
                    ? source
                    : _called[method] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
