using Grid.Gateway.Admission;
using Grid.Gateway.Ranks;
using Grid.Gateway.Routing;
using Grid.Gateway.Tests.Fakes;
using Grid.Hosting.Http;

namespace Grid.Gateway.Tests.Admission;

public sealed class WaitingRoomTests
{
    private readonly RoutingBed _bed = new("least-load", RoutingBed.Rank(0, maxNumSeqs: 1));
    private readonly HashSet<WaitingRequest> _admitted = [];
    private readonly WaitingRoom _room;

    public WaitingRoomTests() => _room = new WaitingRoom("m", _bed.Get<DestinationSelector>());

    [Fact]
    public void Pump_ManyRequestsOfOneClient_OneOfAnotherIsNextAfterTheFirst()
    {
        Fill();
        var greedy = Enumerable.Range(0, 100).Select(_ => _room.Enter(Query("greedy", 1000), 1000)).ToList();
        var modest = _room.Enter(Query("modest", 5), 1000);
        Assert.Equal([greedy[0], modest, greedy[1]], Admit([.. greedy, modest], 3));
    }

    [Fact]
    public void Pump_ClientsOfEqualWeight_GetEqualTokens()
    {
        Fill();
        var requests = new List<WaitingRequest>();
        for (var i = 0; i < 300; i++) requests.Add(_room.Enter(Query("small", 10), 1000));
        for (var i = 0; i < 300; i++) requests.Add(_room.Enter(Query("large", 100), 1000));
        var admitted = Admit(requests, 220);
        Assert.InRange(admitted.Count(request => request.Query.Client == "large") * 100, 1900, 2100);
        Assert.InRange(admitted.Count(request => request.Query.Client == "small") * 10, 1900, 2100);
    }

    [Fact]
    public void Pump_ClientThatWasAway_HasSavedNothingUp()
    {
        Fill();
        var busy = Enumerable.Range(0, 50).Select(_ => _room.Enter(Query("busy", 100), 1000)).ToList();
        Assert.Equal(20, Admit(busy, 20).Count);
        var late = Enumerable.Range(0, 50).Select(_ => _room.Enter(Query("late", 100), 1000)).ToList();
        var next = Admit([.. busy, .. late], 20);
        Assert.InRange(next.Count(request => request.Query.Client == "late"), 9, 11);
    }

    [Fact]
    public void Enter_FullRoom_TheClientWithTheMostGivesWay()
    {
        Fill();
        var greedy = Enumerable.Range(0, 10).Select(_ => _room.Enter(Query("greedy", 1), 10)).ToList();
        Assert.Equal(429, Assert.Throws<ApiException>(() => _room.Enter(Query("greedy", 1), 10)).Status);
        var modest = _room.Enter(Query("modest", 1), 10);
        Assert.True(greedy[9].Admitted.IsFaulted);
        Assert.False(modest.Admitted.IsCompleted);
        Assert.Equal(10, _room.Count);
    }

    [Fact]
    public void Leave_EveryRequest_LeavesNothingBehind()
    {
        Fill();
        var requests = Enumerable.Range(0, 20).Select(i => _room.Enter(Query($"c{i % 3}", 7) with { IsResume = i % 5 == 0 }, 100)).ToList();
        foreach (var request in requests) _room.Leave(request);
        Assert.Equal(0, _room.Count);
    }

    // Two requests fill the rank: one runs, one waits behind it.
    private void Fill()
    {
        for (var i = 0; i < 2; i++) _bed.TryDispatch(RoutingBed.Query());
        Assert.Null(_bed.TryDispatch(RoutingBed.Query()));
    }

    /// <summary>Makes room for one request after another, and returns them in their order.</summary>
    private List<WaitingRequest> Admit(IReadOnlyList<WaitingRequest> requests, int count)
    {
        var admitted = new List<WaitingRequest>();
        for (var i = 0; i < count; i++)
        {
            _bed.Set(RoutingBed.Rank(0, maxNumSeqs: 100_000));
            _room.Pump();
            var next = requests.Single(request => request.Admitted.IsCompletedSuccessfully && !_admitted.Contains(request));
            _admitted.Add(next);
            admitted.Add(next);
            _bed.Set(RoutingBed.Rank(0, maxNumSeqs: 1));
            next.Settle();
        }

        return admitted;
    }

    private static RouteQuery Query(string client, long tokens) => RoutingBed.Query() with { Client = client, Tokens = tokens };
}
