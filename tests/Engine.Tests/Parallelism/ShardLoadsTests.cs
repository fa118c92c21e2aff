using Grid.Engine.Parallelism;

namespace Grid.Engine.Tests.Parallelism;

public sealed class ShardLoadsTests
{
    [Fact]
    public async Task Arrive_OfTheLast_LetsAllGoOn()
    {
        var loads = new ShardLoads(2);
        var first = Task.Run(loads.Arrive, TestContext.Current.CancellationToken);
        Assert.False(first.IsCompleted);
        loads.Arrive();
        await first;
    }

    [Fact]
    public async Task Fail_WhileAnotherWaits_EndsItsWaitWithTheFirstFailure()
    {
        var loads = new ShardLoads(2);
        var waiting = Task.Run(loads.Arrive, TestContext.Current.CancellationToken);
        var cause = new InvalidOperationException("out of memory");
        Assert.Same(cause, loads.Fail(cause));
        Assert.Same(cause, await Assert.ThrowsAsync<InvalidOperationException>(() => waiting));
        Assert.Same(cause, loads.Fail(new InvalidOperationException("the other is gone")));
    }
}
