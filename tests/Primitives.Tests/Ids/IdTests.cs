using System.Text.Json;
using Grid.Primitives.Ids;

namespace Grid.Primitives.Tests.Ids;

public sealed class IdTests
{
    [Theory]
    [InlineData("guide/r0", "guide", 0)]
    [InlineData("owner/name/r12", "owner/name", 12)]
    [InlineData("модель/r3/r1", "модель/r3", 1)]
    [InlineData("/models/a b/r2", "/models/a b", 2)]
    public void ReplicaId_OfAnyModel_IsReadFromTheRight(string text, string model, int index)
    {
        var id = ReplicaId.Parse(text);
        Assert.Equal(new ReplicaId(model, index), id);
        Assert.Equal(text, id.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("guide")]
    [InlineData("/r0")]
    [InlineData("guide/r")]
    [InlineData("guide/r01")]
    [InlineData("guide/r-1")]
    [InlineData("guide/r0/")]
    [InlineData("guide/R0")]
    [InlineData("guide/r99999999999")]
    public void ReplicaId_OfOtherText_IsRefused(string? text) => Assert.False(ReplicaId.TryParse(text, out _));

    [Theory]
    [InlineData("guide/r0/dp0", "guide", 0, 0)]
    [InlineData("a/r1/dp2/r3/dp4", "a/r1/dp2", 3, 4)]
    public void RankId_OfAnyModel_IsReadFromTheRight(string text, string model, int index, int rank)
    {
        var id = RankId.Parse(text);
        Assert.Equal(new ReplicaId(model, index).Rank(rank), id);
        Assert.Equal(text, id.ToString());
    }

    [Theory]
    [InlineData("guide/r0")]
    [InlineData("guide/dp0")]
    [InlineData("guide/r0/dp")]
    public void RankId_OfOtherText_IsRefused(string text)
    {
        var fault = Assert.Throws<FormatException>(() => RankId.Parse(text));
        Assert.Equal($"RankId must be MODEL/rN/dpN; got '{text}'.", fault.Message);
    }

    [Fact]
    public void ShardId_OfAWorker_KnowsItsParts()
    {
        var shard = ShardId.Parse("dp1/pp2/tp3");
        Assert.Equal((1, 2, 3), (shard.Rank, shard.Stage, shard.Tensor));
        Assert.False(shard.IsExpert);
        Assert.Null(shard.DrivenRank);
        Assert.Equal("dp1/pp2/tp3", shard.ToString());
        Assert.Equal(7, ShardId.DriverOf(7).DrivenRank);
    }

    [Fact]
    public void ShardId_OfExperts_HasNoRank()
    {
        var shard = ShardId.Parse("ep3");
        Assert.Equal(new ExpertShardId(3), shard.Expert);
        Assert.Null(shard.Rank);
        Assert.Null(shard.DrivenRank);
        Assert.Equal("ep3", shard.ToString());
        Assert.NotEqual(shard, new ShardId(3, 0, 0));
    }

    [Theory]
    [InlineData("dp0/pp0")]
    [InlineData("dp0/tp0/pp0")]
    [InlineData("x/dp0/pp0/tp0")]
    [InlineData("ep")]
    [InlineData("ep00")]
    [InlineData("dp0")]
    public void ShardId_OfOtherText_IsRefused(string text) => Assert.False(ShardId.TryParse(text, out _));

    [Fact]
    public void All_IsInTheOrderOfPlans()
    {
        ShardId[] all = [.. ShardId.All(data: 2, pipeline: 1, tensor: 2, expert: 11)];
        Assert.Equal(["dp0/pp0/tp0", "dp0/pp0/tp1", "dp1/pp0/tp0", "dp1/pp0/tp1"], all[..4].Select(shard => shard.ToString()));
        Assert.Equal("ep10", all[^1].ToString());
        Assert.Equal(all, all.Reverse().Order());
    }

    [Theory]
    [InlineData("guide/r0/dp0/pp0/tp0")]
    [InlineData("owner/ep3/r1/ep0")]
    [InlineData("a/dp0/pp0/tp0/r1/dp1/pp2/tp3")]
    public void ReplicaShardId_OfAnyModel_ComesBack(string text) => Assert.Equal(text, ReplicaShardId.Parse(text).ToString());

    [Theory]
    [InlineData("guide/r0")]
    [InlineData("ep0")]
    [InlineData("/r0/ep0")]
    [InlineData("")]
    public void ReplicaShardId_OfOtherText_IsRefused(string text) => Assert.False(ReplicaShardId.TryParse(text, out _));

    [Fact]
    public void Json_OfIds_IsTheirText()
    {
        var ids = new Dictionary<ShardId, ReplicaShardId> { [new ExpertShardId(1)] = new(new ReplicaId("a/b", 0), new ShardId(0, 1, 0)) };
        var json = JsonSerializer.Serialize(ids);
        Assert.Equal("""{"ep1":"a/b/r0/dp0/pp1/tp0"}""", json);
        Assert.Equal(ids, JsonSerializer.Deserialize<Dictionary<ShardId, ReplicaShardId>>(json));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<ReplicaId>("\"guide\""));
    }
}
