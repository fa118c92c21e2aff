using Grid.Cluster.Joining;
using Grid.Cluster.Tests.Security;

namespace Grid.Cluster.Tests.Joining;

public sealed class TokenStoreTests
{
    [Fact]
    public async Task Redeem_NoUsesTold_AnyNumberUntilItsEnd()
    {
        await using var bed = new SecurityTestBed();
        var tokens = bed.Head().Tokens;
        var token = tokens.Create();
        for (var i = 0; i < 20; i++) tokens.Redeem(token.Id, token.Secret);
        bed.Time.Advance(TimeSpan.FromMinutes(60) - TimeSpan.FromSeconds(1));
        tokens.Redeem(token.Id, token.Secret);
        bed.Time.Advance(TimeSpan.FromSeconds(1));
        var fault = Assert.Throws<JoinException>(() => tokens.Redeem(token.Id, token.Secret));
        Assert.Equal(JoinFault.ExpiredToken, fault.Fault);
        Assert.Contains("ended at 2030-05-01 13:00:00Z, and it is 2030-05-01 13:00:00Z now", fault.Message);
    }

    [Fact]
    public async Task Redeem_FromManyThreads_CountsEachUseOnce()
    {
        await using var bed = new SecurityTestBed();
        var tokens = bed.Head().Tokens;
        var token = tokens.Create(uses: 5);
        var (admitted, spent) = (0, 0);
        await Parallel.ForAsync(0, 40, TestContext.Current.CancellationToken, (_, _) =>
        {
            try
            {
                tokens.Redeem(token.Id, token.Secret);
                Interlocked.Increment(ref admitted);
            }
            catch (JoinException fault) when (fault.Fault == JoinFault.SpentToken)
            {
                Interlocked.Increment(ref spent);
            }

            return ValueTask.CompletedTask;
        });
        Assert.Equal((5, 35), (admitted, spent));
    }

    [Fact]
    public async Task Revoke_Token_LetsNobodyJoinAndIsListed()
    {
        await using var bed = new SecurityTestBed();
        var tokens = bed.Head().Tokens;
        var (kept, revoked) = (tokens.Create(), tokens.Create(uses: 2));
        tokens.Redeem(revoked.Id, revoked.Secret);
        Assert.True(tokens.Revoke(revoked.Id));
        Assert.False(tokens.Revoke("nobody"));
        Assert.Equal(JoinFault.RevokedToken, Assert.Throws<JoinException>(() => tokens.Redeem(revoked.Id, revoked.Secret)).Fault);
        tokens.Redeem(kept.Id, kept.Secret);
        // It stays revoked after a restart, and its secret is nowhere.
        var again = bed.Head().Tokens;
        Assert.Equal(
            [(kept.Id, "Active", 1), (revoked.Id, "Revoked", 1)],
            again.List().OrderBy(token => token.State, StringComparer.Ordinal).Select(token => (token.Id, token.State, token.Used)));
    }

    [Fact]
    public async Task Redeem_AfterTheHeadsRestart_StillCounts()
    {
        await using var bed = new SecurityTestBed();
        var token = bed.Head().Tokens.Create(uses: 2);
        bed.Head().Tokens.Redeem(token.Id, token.Secret);
        bed.Head().Tokens.Redeem(token.Id, token.Secret);
        var fault = Assert.Throws<JoinException>(() => bed.Head().Tokens.Redeem(token.Id, token.Secret));
        Assert.Equal(JoinFault.SpentToken, fault.Fault);
        Assert.Contains("2 of 2 uses", fault.Message);
    }

    [Fact]
    public async Task Redeem_WrongSecret_SpendsNothing()
    {
        await using var bed = new SecurityTestBed();
        var tokens = bed.Head().Tokens;
        var token = tokens.Create(uses: 1);
        Assert.Equal(JoinFault.WrongSecret, Assert.Throws<JoinException>(() => tokens.Redeem(token.Id, new string('0', 64))).Fault);
        Assert.Equal(JoinFault.UnknownToken, Assert.Throws<JoinException>(() => tokens.Redeem("000000000000", token.Secret)).Fault);
        tokens.Redeem(token.Id, token.Secret);
    }

    [Fact]
    public async Task Create_AnyToken_LeavesNoSecretOnDisk()
    {
        await using var bed = new SecurityTestBed();
        var token = bed.Head().Tokens.Create();
        Assert.DoesNotContain(token.Secret,
            await File.ReadAllTextAsync(Path.Combine(bed.Folder("head"), "tokens.json"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(0, 1, "--ttl")]
    [InlineData(60, 0, "--uses")]
    public async Task Create_NotPositive_NamesTheFlag(int seconds, int uses, string flag)
    {
        await using var bed = new SecurityTestBed();
        var tokens = bed.Head().Tokens;
        Assert.Contains(flag, Assert.Throws<ArgumentOutOfRangeException>(() => tokens.Create(TimeSpan.FromSeconds(seconds), uses)).Message);
    }
}
