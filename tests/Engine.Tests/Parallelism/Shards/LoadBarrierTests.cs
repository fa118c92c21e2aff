using Grid.Engine.Parallelism.Shards;

namespace Grid.Engine.Tests.Parallelism.Shards;

public sealed class LoadBarrierTests
{
    [Fact]
    public async Task Arrive_OfTheLast_LetsAllGoOn()
    {
        var loads = new LoadBarrier(2);
        var first = Task.Run(loads.Arrive, TestContext.Current.CancellationToken);
        Assert.False(first.IsCompleted);
        loads.Arrive();
        await first;
    }

    [Fact]
    public async Task Fail_WhileAnotherWaits_EndsItsWaitWithTheFirstFailure()
    {
        var loads = new LoadBarrier(2);
        var waiting = Task.Run(loads.Arrive, TestContext.Current.CancellationToken);
        var cause = new InvalidOperationException("out of memory");
        Assert.Same(cause, loads.Fail(cause));
        Assert.Same(cause, await Assert.ThrowsAsync<InvalidOperationException>(() => waiting));
        Assert.Same(cause, loads.Fail(new InvalidOperationException("the other is gone")));
    }
}
