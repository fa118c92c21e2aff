using Grid.Cluster.Joining;
using Grid.Cluster.Security;
using Grid.Cluster.Tests.Security;
using Microsoft.Extensions.Time.Testing;

namespace Grid.Cluster.Tests.Joining;

public sealed class JoinerTests
{
    [Fact]
    public async Task Join_ValidToken_GetsEverythingInOneExchange()
    {
        await using var bed = new SecurityTestBed();
        var head = bed.Head();
        var port = await bed.ServeJoinAsync(head);
        var member = await bed.JoinAsync(port, head.Tokens.Create().ToString(), roles: [NodeRoles.Silo, NodeRoles.Gateway]);
        Assert.Equal(head.Authority.ClusterId, member.ClusterId);
        Assert.Equal(SecurityTestBed.Terms, member.Terms);
        Assert.Equal("b", member.Tls.Identity.Name);
        Assert.Equal([NodeRoles.Gateway, NodeRoles.Silo], member.Tls.Identity.Roles);
        using var http = new HttpClient(NodeTls.CreateHandler(member.Tls));
        var service = await bed.ServeAsync(head.Tls, NodeRoles.Silo);
        Assert.Equal("b", await http.GetStringAsync($"https://127.0.0.1:{service}/", TestContext.Current.CancellationToken));
        if (!OperatingSystem.IsWindows())
            foreach (var secret in (string[])["node.key", "membership.json"])
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(bed.Folder("b"), secret)));
        Assert.Contains("Admitted b at 127.0.0.1 as silo, gateway, by token", bed.Log.Text);
    }

    [Fact]
    public async Task Join_AgainWithASpentToken_GoesByTheCertificate()
    {
        await using var bed = new SecurityTestBed();
        var head = bed.Head();
        var port = await bed.ServeJoinAsync(head);
        var token = head.Tokens.Create(uses: 1).ToString();
        await bed.JoinAsync(port, token);
        bed.Live["b"] = "127.0.0.1";
        await bed.JoinAsync(port, token);
        await bed.JoinAsync(port, token: null);
        Assert.Contains("by its certificate", bed.Log.Text);
        Assert.Equal(JoinFault.SpentToken, (await RefusedAsync(bed, port, token, "c")).Fault);
    }

    [Fact]
    public async Task Join_HeadAway_StartsWithWhatWasSaid()
    {
        await using var bed = new SecurityTestBed();
        var head = bed.Head();
        await bed.JoinAsync(await bed.ServeJoinAsync(head), head.Tokens.Create().ToString());
        var member = await bed.JoinAsync(SecurityTestBed.FreePort(), token: null);
        Assert.Equal(SecurityTestBed.Terms, member.Terms);
        var fault = await RefusedAsync(bed, SecurityTestBed.FreePort(), head.Tokens.Create().ToString(), "new");
        Assert.Equal((JoinFault.Unreachable, 3), (fault.Fault, fault.ExitCode));
    }

    [Fact]
    public async Task Join_ExpiredCertificate_NeedsAToken()
    {
        await using var bed = new SecurityTestBed();
        var head = bed.Head();
        var spent = head.Tokens.Create(uses: 1).ToString();
        await bed.JoinAsync(await bed.ServeJoinAsync(head), spent);
        bed.Time.Advance(TimeSpan.FromDays(31));
        var restarted = bed.Head();
        var port = await bed.ServeJoinAsync(restarted);
        var none = await RefusedAsync(bed, port, null, "b");
        Assert.Equal((JoinFault.NoToken, 4), (none.Fault, none.ExitCode));
        Assert.Contains("2030-05-31", none.Message);
        Assert.Contains("2030-05-31", (await RefusedAsync(bed, port, spent, "b")).Message);
        await bed.JoinAsync(port, restarted.Tokens.Create().ToString());
    }

    [Fact]
    public async Task Join_NoTokenNoCertificate_IsRefusedHere()
    {
        await using var bed = new SecurityTestBed();
        var fault = await RefusedAsync(bed, 1, null, "b");
        Assert.Equal((JoinFault.NoToken, 4), (fault.Fault, fault.ExitCode));
        Assert.Contains("grid token create", fault.Message);
    }

    [Fact]
    public async Task Join_BadTokens_AreToldApartOnBothSides()
    {
        await using var bed = new SecurityTestBed();
        var head = bed.Head();
        var port = await bed.ServeJoinAsync(head);
        var good = head.Tokens.Create();
        var ended = head.Tokens.Create(TimeSpan.FromSeconds(5));
        bed.Time.Advance(TimeSpan.FromSeconds(6));
        var other = bed.Head("other").Tokens.Create();
        foreach (var (token, expected) in new[]
        {
            (good with { Secret = new string('0', 64) }, JoinFault.WrongSecret),
            (good with { Id = "000000000000" }, JoinFault.UnknownToken),
            (ended, JoinFault.ExpiredToken),
            (other, JoinFault.WrongAuthority),
        })
        {
            var fault = await RefusedAsync(bed, port, token.ToString(), "b");
            Assert.Equal((expected, 4), (fault.Fault, fault.ExitCode));
            if (expected == JoinFault.WrongAuthority) await bed.Log.WaitForAsync($"names another authority than {head.Authority.Hash}");
            else await bed.Log.WaitForAsync($"({expected}): {fault.Message}");
            Assert.False(File.Exists(Path.Combine(bed.Folder("b"), "node.crt")));
        }

        Assert.DoesNotContain(good.Secret, bed.Log.Text);
    }

    [Fact]
    public async Task Join_NameOfALiveNode_IsRefusedAndSpendsNothing()
    {
        await using var bed = new SecurityTestBed();
        var head = bed.Head();
        var port = await bed.ServeJoinAsync(head);
        var token = head.Tokens.Create(uses: 1).ToString();
        bed.Live["b"] = "10.0.0.7";
        var fault = await RefusedAsync(bed, port, token, "b");
        Assert.Equal((JoinFault.NameTaken, 6), (fault.Fault, fault.ExitCode));
        Assert.Contains("10.0.0.7", fault.Message);
        await bed.JoinAsync(port, token, "c");
    }

    [Theory]
    [InlineData(-31)]
    [InlineData(31)]
    public async Task Join_ClockOff_IsRefusedWithBothClocks(int seconds)
    {
        await using var bed = new SecurityTestBed();
        var head = bed.Head();
        var port = await bed.ServeJoinAsync(head);
        var token = head.Tokens.Create().ToString();
        var fault = await RefusedAsync(bed, port, token, "b", new FakeTimeProvider(bed.Time.GetUtcNow().AddSeconds(seconds)));
        Assert.Equal((JoinFault.Clock, 6), (fault.Fault, fault.ExitCode));
        Assert.Contains($"{seconds} s apart, the limit is 30 s", fault.Message);
        Assert.Equal(JoinFault.Clock,
            (await RefusedAsync(bed, port, token, "b", new FakeTimeProvider(bed.Time.GetUtcNow().AddDays(40 * Math.Sign(seconds))))).Fault);
        await bed.JoinAsync(port, token, time: new FakeTimeProvider(bed.Time.GetUtcNow().AddSeconds(29 * Math.Sign(seconds))));
    }

    [Theory]
    [InlineData("head")]
    [InlineData("store")]
    public async Task Join_RoleThatIsNotGivenAway_IsRefused(string role)
    {
        await using var bed = new SecurityTestBed();
        var head = bed.Head();
        var fault =
            await RefusedAsync(bed, await bed.ServeJoinAsync(head), head.Tokens.Create().ToString(), "b", roles: [NodeRoles.Silo, role]);
        Assert.Equal(JoinFault.BadRole, fault.Fault);
    }

    [Fact]
    public async Task Join_FolderOfAnotherGrid_IsRefused()
    {
        await using var bed = new SecurityTestBed();
        var (head, other) = (bed.Head(), bed.Head("other"));
        await bed.JoinAsync(await bed.ServeJoinAsync(other), other.Tokens.Create().ToString());
        var port = await bed.ServeJoinAsync(head);
        Assert.Equal(JoinFault.WrongAuthority, (await RefusedAsync(bed, port, head.Tokens.Create().ToString(), "b")).Fault);
        File.Delete(Path.Combine(bed.Folder("b"), "node.crt"));
        var fault = await RefusedAsync(bed, port, head.Tokens.Create().ToString(), "b");
        Assert.Equal((JoinFault.ClusterId, 6), (fault.Fault, fault.ExitCode));
        Assert.Contains(other.Authority.ClusterId, fault.Message);
        Assert.Contains(head.Authority.ClusterId, fault.Message);
        Assert.Equal(JoinFault.ClusterId, (await RefusedAsync(bed, port, head.Tokens.Create().ToString(), "other")).Fault);
    }

    [Fact]
    public async Task Join_CertificateOfAnotherName_IsRefused()
    {
        await using var bed = new SecurityTestBed();
        var head = bed.Head();
        var port = await bed.ServeJoinAsync(head);
        await bed.JoinAsync(port, head.Tokens.Create().ToString());
        var fault = await Assert.ThrowsAsync<JoinException>(() => bed.JoinAsync(port, null, "c", folder: "b"));
        Assert.Equal(JoinFault.BadCertificate, fault.Fault);
        Assert.Equal(JoinFault.BadRole, (await RefusedAsync(bed, port, null, "b", roles: [NodeRoles.Gateway])).Fault);
    }

    [Fact]
    public async Task Join_HeadIsSilent_SaysWhomItWaitsForAndUntilWhen()
    {
        await using var bed = new SecurityTestBed();
        var token = bed.Head().Tokens.Create().ToString();
        var port = SecurityTestBed.FreePort();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var options = new JoinOptions(bed.Folder("b"), $"127.0.0.1:{port}", token, "b", "127.0.0.1",
            [NodeRoles.Silo])
        { Patience = TimeSpan.FromSeconds(30) };

        var until = bed.Time.GetUtcNow() + options.Patience;
        var joining = new Joiner(options, bed.Time, bed.Log).JoinAsync(end.Token);
        Assert.DoesNotContain("Waiting for the head", bed.Log.Text);
        bed.Time.Advance(TimeSpan.FromSeconds(3));

        Assert.Contains(
            string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"Waiting for the head at 127.0.0.1:{port}, which does not answer; it is asked again until {until:u}"), bed.Log.Text);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => joining);
    }

    [Fact]
    public async Task Renew_OverTheJoinPort_GivesAFreshCertificateForTheSameKey()
    {
        await using var bed = new SecurityTestBed();
        var head = bed.Head();
        var port = await bed.ServeJoinAsync(head);
        var member = await bed.JoinAsync(port, head.Tokens.Create().ToString());
        var key = member.Tls.Certificates.Current.GetPublicKeyString();
        bed.Time.Advance(TimeSpan.FromDays(20));
        head.Tls.Certificates.Replace(await head.Issuer.RenewAsync(TestContext.Current.CancellationToken));
        member.Tls.Certificates.Replace(await member.Issuer.RenewAsync(TestContext.Current.CancellationToken));
        Assert.Equal(bed.Time.GetUtcNow() + TimeSpan.FromDays(30), member.Tls.Certificates.Expires);
        Assert.Equal(key, member.Tls.Certificates.Current.GetPublicKeyString());
    }

    private static Task<JoinException> RefusedAsync(SecurityTestBed bed, int port, string? token, string name, TimeProvider? time = null,
        string[]? roles = null) =>
        Assert.ThrowsAsync<JoinException>(() => bed.JoinAsync(port, token, name, roles: roles, time: time));
}
