using Grid.Gateway.Tests.Fakes;

namespace Grid.Gateway.Tests.LoadBalancing;

public sealed class PolicyTests
{
    // 8 KiB: about 2,000 tokens.
    private static readonly string Long = string.Concat(Enumerable.Range(0, 1024).Select(index => $"word{index,4}"));

    [Fact]
    public void PrefixAware_OnceSent_GoesToTheSameRank()
    {
        var bed = new RoutingBed("prefix-aware", RoutingBed.Ranks(8));
        var first = bed.Choose(RoutingBed.Query(Long + "a"));
        for (var i = 0; i < 10; i++) Assert.Equal(first, bed.Choose(RoutingBed.Query(Long + i)));
    }

    [Fact]
    public void PrefixAware_TwoGateways_AgreeOnWhatNeitherHasSent()
    {
        var (one, two) = (new RoutingBed("prefix-aware", RoutingBed.Ranks(8)), new RoutingBed("prefix-aware", RoutingBed.Ranks(8)));
        var chosen = Enumerable.Range(0, 50)
            .Select(index => (one.ChooseAndEnd(RoutingBed.Query(index + Long)), two.ChooseAndEnd(RoutingBed.Query(index + Long)))).ToList();
        Assert.All(chosen, pair => Assert.Equal(pair.Item1, pair.Item2));
        Assert.True(chosen.Distinct().Count() > 4, "All prompts have one home.");
    }

    [Fact]
    public void PrefixAware_SaturatedRank_IsNotPreferredForItsPrefix()
    {
        var bed = new RoutingBed("prefix-aware", RoutingBed.Ranks(2));
        var home = bed.ChooseAndEnd(RoutingBed.Query(Long))!;
        var index = home[^1] - '0';
        bed.Set([.. Enumerable.Range(0, 2).Select(rank => rank == index ? RoutingBed.Rank(rank, running: 64) : RoutingBed.Rank(rank))]);
        Assert.NotEqual(home, bed.Choose(RoutingBed.Query(Long)));
    }

    [Fact]
    public void PrefixAware_RankWithMoreToDoThanThePrefixSaves_IsNotChosen()
    {
        var bed = new RoutingBed("prefix-aware", RoutingBed.Ranks(2));
        var home = bed.ChooseAndEnd(RoutingBed.Query(Long))!;
        var index = home[^1] - '0';
        RankMove(index, 1000);
        Assert.Equal(home, bed.ChooseAndEnd(RoutingBed.Query(Long)));
        RankMove(index, 4000);
        Assert.NotEqual(home, bed.ChooseAndEnd(RoutingBed.Query(Long)));

        void RankMove(int rank, long tokens) =>
            bed.Set([.. Enumerable.Range(0, 2).Select(i => i == rank ? RoutingBed.Rank(i, queuedTokens: tokens) : RoutingBed.Rank(i))]);
    }

    [Fact]
    public void PrefixAware_RankThatNeverHasThePrefix_LosesItsAttraction()
    {
        var bed = new RoutingBed("prefix-aware", RoutingBed.Ranks(2));
        var home = bed.ChooseAndEnd(RoutingBed.Query(Long))!;
        var rank = bed.States.Single(rank => rank.Route.Node == home);
        for (var i = 0; i < 20; i++) rank.Prefixes.Correct(32, 0);
        Assert.True(rank.Prefixes.Trust < 0.05);
        bed.Set([.. bed.States.Select(state => state.Route with { QueuedTokens = state == rank ? 100 : 0 })]);
        Assert.NotEqual(home, bed.ChooseAndEnd(RoutingBed.Query(Long)));
    }

    [Fact]
    public void PrefixAware_OtherSalt_SharesNothing()
    {
        using var plain = Forwarding("""{"model":"m","prompt":"PROMPT"}""");
        using var salted = Forwarding("""{"cache_salt":"s","model":"m","prompt":"PROMPT"}""");
        using var again = Forwarding("""{"prompt":"PROMPT","model":"m"}""");
        Assert.NotEqual(plain.Prompt.Hashes[0], salted.Prompt.Hashes[0]);
        Assert.Equal(plain.Prompt.Hashes, again.Prompt.Hashes);

        static Gateway.Forwarding.RequestHead Forwarding(string json) =>
            Gateway.Forwarding.RequestHead.Read(System.Text.Encoding.UTF8.GetBytes(json.Replace("PROMPT", Long, StringComparison.Ordinal)));
    }

    [Fact]
    public void UnknownPolicy_IsTheDefault_AndIsLoggedOnce()
    {
        var bed = new RoutingBed("of-a-newer-grid", RoutingBed.Ranks(2));
        bed.Set(RoutingBed.Ranks(2));
        Assert.Equal("prefix-aware", bed.Routing.ClusterOf("m")!.Model.Config.LoadBalancingPolicy);
        Assert.Single(bed.Log.Entries, entry => entry.Text == "Unknown routing policy 'of-a-newer-grid'; using prefix-aware");
    }

    [Fact]
    public void LeastLoad_CountsItsOwnDispatches_BeforeAnyReport()
    {
        var bed = new RoutingBed("least-load", RoutingBed.Ranks(4));
        var chosen = Enumerable.Range(0, 40).Select(_ => bed.Choose(RoutingBed.Query())).ToList();
        Assert.All(chosen.GroupBy(node => node), node => Assert.Equal(10, node.Count()));
    }

    [Fact]
    public void LeastLoad_CountsTheReport()
    {
        var bed =
            new RoutingBed("least-load", RoutingBed.Rank(0, running: 9), RoutingBed.Rank(1, running: 3), RoutingBed.Rank(2, running: 9));
        Assert.Equal("node-1", bed.Choose(RoutingBed.Query()));
    }

    [Fact]
    public void RoundRobin_TakesAll_InTurn()
    {
        var bed = new RoutingBed("round-robin", RoutingBed.Ranks(3));
        Assert.Equal(["node-0", "node-1", "node-2", "node-0"], Enumerable.Range(0, 4).Select(_ => bed.Choose(RoutingBed.Query())));
    }

    [Fact]
    public void Random_TakesAll()
    {
        var bed = new RoutingBed("random", RoutingBed.Ranks(3));
        Assert.Equal(3, Enumerable.Range(0, 100).Select(_ => bed.ChooseAndEnd(RoutingBed.Query())).Distinct().Count());
    }

    [Fact]
    public void PowerOfTwo_NeverTakes_TheWorstOfAll()
    {
        var bed = new RoutingBed("power-of-two", RoutingBed.Rank(0, running: 20), RoutingBed.Rank(1), RoutingBed.Rank(2));
        var chosen = Enumerable.Range(0, 100).Select(_ => bed.ChooseAndEnd(RoutingBed.Query())).ToHashSet();
        Assert.Equal(["node-1", "node-2"], chosen.Order());
    }

    [Fact]
    public void Session_StaysAtItsRank_AndGatewaysAgree()
    {
        var (one, two) = (new RoutingBed("session", RoutingBed.Ranks(8)), new RoutingBed("session", RoutingBed.Ranks(8)));
        for (var i = 0; i < 20; i++)
        {
            var home = one.Choose(RoutingBed.Query("p", $"session {i}"));
            Assert.Equal(home, one.Choose(RoutingBed.Query("q", $"session {i}")));
            Assert.Equal(home, two.Choose(RoutingBed.Query("r", $"session {i}")));
        }
    }

    [Fact]
    public void Session_WhenARankGoes_MovesOnlyItsOwn()
    {
        var bed = new RoutingBed("session", RoutingBed.Ranks(8));
        var before = Enumerable.Range(0, 100).ToDictionary(index => index, index => bed.ChooseAndEnd(RoutingBed.Query("p", $"{index}")));
        bed.Set([.. RoutingBed.Ranks(8).Where(rank => rank.Node != "node-3")]);
        var moved = before.Where(pair => bed.ChooseAndEnd(RoutingBed.Query("p", $"{pair.Key}")) != pair.Value).ToList();
        Assert.NotEmpty(moved);
        Assert.All(moved, pair => Assert.Equal("node-3", pair.Value));
    }

    [Theory]
    [InlineData("prefix-aware")]
    [InlineData("least-load")]
    public void Session_OutsideOfItsPolicy_IsPreferred(string policy)
    {
        var bed = new RoutingBed(policy, RoutingBed.Ranks(8));
        var home = bed.Choose(RoutingBed.Query("p", "s"));
        for (var i = 0; i < 10; i++) Assert.Equal(home, bed.Choose(RoutingBed.Query($"{i}", "s")));
    }

    [Fact]
    public void DataParallelRank_WhenAsked_IsTheOneThatAnswers()
    {
        var bed = new RoutingBed("least-load", RoutingBed.Ranks(4));
        for (var i = 0; i < 10; i++)
            Assert.Contains(bed.Choose(RoutingBed.Query() with { DataParallelRank = 1 }), new[] { "node-1", "node-3" });
    }
}
