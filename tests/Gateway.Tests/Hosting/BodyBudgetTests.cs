using System.Net;
using Grid.Hosting.Http;

namespace Grid.Gateway.Tests.Hosting;

public sealed class BodyBudgetTests
{
    private readonly BodyBudget _budget = new(maxBytes: 100, maxPeerBytes: 40);

    [Fact]
    public void Grow_BeyondThePeersShare_IsRefusedAndTakesNothing()
    {
        using var share = _budget.Open(IPAddress.Parse("10.0.0.1"));
        share.Grow(40);
        Assert.Equal(429, Assert.Throws<ApiException>(() => share.Grow(1)).Status);
        Assert.Equal(40, _budget.Used);
    }

    [Fact]
    public void Grow_BeyondTheProcess_IsRefusedForAll()
    {
        var shares = Enumerable.Range(1, 3).Select(i => _budget.Open(IPAddress.Parse($"10.0.0.{i}"))).ToList();
        foreach (var share in shares.Take(2)) share.Grow(40);
        Assert.Equal(503, Assert.Throws<ApiException>(() => shares[2].Grow(21)).Status);
        shares[2].Grow(20);
        foreach (var share in shares) share.Dispose();
        Assert.Equal(0, _budget.Used);
    }

    [Fact]
    public async Task Share_FromManyThreads_ReturnsAllThatItTook()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        await Parallel.ForAsync(0, 200, TestContext.Current.CancellationToken, (i, _) =>
        {
            var random = new Random(seed + i);
            using var share = _budget.Open(IPAddress.Parse($"10.0.0.{random.Next(5)}"));
            try
            {
                for (var grown = 0; grown < 10; grown++) share.Grow(random.Next(1, 20));
            }
            catch (ApiException)
            {
                // It is full; what was taken is returned with the share.
            }

            return ValueTask.CompletedTask;
        });
        Assert.Equal(0, _budget.Used);
    }
}
