using Grid.Engine.Configuration;
using Grid.Engine.Serving;
using Request = Grid.Engine.Requests.Request;

namespace Grid.Engine.Tests.Serving;

public sealed class RequestRegistryTests
{
    private readonly RequestRegistry _registry = new(maxNumQueued: 3);

    [Fact]
    public void Add_GroupAboveTheLimit_TakesNone()
    {
        _registry.Add([New("a"), New("b")]);
        var exception = Assert.Throws<QueueFullException>(() => _registry.Add([New("c"), New("d")]));

        Assert.Contains("at most 3 requests (--max-num-queued-reqs) and 2 are waiting", exception.Message);
        Assert.Null(_registry.Find("c"));
        _registry.Add([New("c")]);
        Assert.Equal(3, _registry.NumQueued);
    }

    [Fact]
    public void Add_IdInUse_TakesNone()
    {
        _registry.Add([New("a")]);
        Assert.Throws<ArgumentException>(() => _registry.Add([New("b"), New("a")]));
        Assert.Throws<ArgumentException>(() => _registry.Add([New("c"), New("c")]));

        Assert.Null(_registry.Find("b"));
        Assert.Null(_registry.Find("c"));
        Assert.NotNull(_registry.Find("a"));
        Assert.Equal(1, _registry.NumQueued);
    }

    [Fact]
    public void LeaveQueue_Scheduled_MakesRoom()
    {
        var first = New("a");
        _registry.Add([first, New("b"), New("c")]);
        Assert.Equal(3, _registry.NumQueuedTokens);
        _registry.LeaveQueue(first);
        Assert.Equal(2, _registry.NumQueuedTokens);
        _registry.Add([New("d")]);
        Assert.Equal(3, _registry.NumQueued);
    }

    private static Request New(string id) => new(EngineTestBed.Request(id, [1]));
}
