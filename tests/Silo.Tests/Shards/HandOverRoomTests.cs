using Grid.Abstractions.Replicas;
using Grid.Silo.Shards;

namespace Grid.Silo.Tests.Shards;

public sealed class HandOverRoomTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Later = Now.AddMinutes(1);

    private static readonly RankStatus Load =
        new(ReplicaId.Parse("m/r0"), 1, 0, ShardState.Ready, 3, 2, 0, 5, 0, 1024, 1, 8192, MaxNumSeqs: 10, "sim");

    private readonly HandOverRoom _room = new();

    [Fact]
    public void Reserve_MoreThanThereIsRoom_GrantsTheRest()
    {
        Assert.Equal(4, Reserve("m/r1/dp0", 4));
        Assert.Equal(1, Reserve("m/r2/dp0", 4));
        Assert.Equal(0, Reserve("m/r3/dp0", 4));
        Assert.Equal(5, _room.Reserved(Now));
    }

    [Fact]
    public void Reserve_SameRankAgain_ReplacesItsReservation()
    {
        Reserve("m/r1/dp0", 4);
        Assert.Equal(5, Reserve("m/r1/dp0", 9));
        Assert.Equal(0, Reserve("m/r1/dp0", 0));
        Assert.Equal(0, _room.Reserved(Now));
        Assert.Equal(3, Reserve("m/r2/dp0", 3));
    }

    [Fact]
    public void Reserved_AfterTheHandOver_IsFreeAgain()
    {
        Reserve("m/r1/dp0", 4);
        Assert.Equal(0, _room.Reserved(Later));
        Assert.Equal(0, _room.Reserve(RankId.Parse("m/r2/dp0"), 4, Later, Load, Later));
    }

    [Theory]
    [InlineData(ShardState.Loading, false)]
    [InlineData(ShardState.Draining, false)]
    [InlineData(ShardState.Ready, true)]
    public void Reserve_RankThatTakesNoRequests_GrantsNothing(ShardState state, bool stuck) =>
        Assert.Equal(0, _room.Reserve(RankId.Parse("m/r1/dp0"), 4, Later, Load with { State = state, Stuck = stuck }, Now));

    [Fact]
    public void Reserve_RankThatIsNotHeld_GrantsNothing() =>
        Assert.Equal(0, _room.Reserve(RankId.Parse("m/r1/dp0"), 4, Later, null, Now));

    private int Reserve(string rank, int streams) => _room.Reserve(RankId.Parse(rank), streams, Later, Load, Now);
}
