using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grid.Cluster.Security;

namespace Grid.Cluster.Tests.Security;

public sealed class CertificateAuthorityTests
{
    [Fact]
    public async Task Open_Again_IsTheSameAuthority()
    {
        await using var bed = new SecurityTestBed();
        var first = CertificateAuthority.Open(bed.Folder("a"), bed.Time);
        var second = CertificateAuthority.Open(bed.Folder("a"), bed.Time);
        Assert.Equal(first.Hash, second.Hash);
        Assert.Equal(first.ClusterId, second.ClusterId);
        Assert.Matches("^grid-[0-9a-f]{12}$", first.ClusterId);
        Assert.NotEqual(first.Hash, CertificateAuthority.Open(bed.Folder("b"), bed.Time).Hash);
    }

    [Fact]
    public async Task Open_KeyMissing_SaysSoAndMakesNoOther()
    {
        await using var bed = new SecurityTestBed();
        CertificateAuthority.Open(bed.Folder("a"), bed.Time);
        File.Delete(Path.Combine(bed.Folder("a"), "ca.key"));
        Assert.Contains("ca.key is not",
            Assert.Throws<SecurityException>(() => CertificateAuthority.Open(bed.Folder("a"), bed.Time)).Message);
    }

    [Fact]
    public async Task Open_KeyOfAnother_SaysSo()
    {
        await using var bed = new SecurityTestBed();
        CertificateAuthority.Open(bed.Folder("a"), bed.Time);
        CertificateAuthority.Open(bed.Folder("b"), bed.Time);
        File.Copy(Path.Combine(bed.Folder("a"), "ca.key"), Path.Combine(bed.Folder("b"), "ca.key"), overwrite: true);
        Assert.Contains("cannot be used together",
            Assert.Throws<SecurityException>(() => CertificateAuthority.Open(bed.Folder("b"), bed.Time)).Message);
    }

    [Fact]
    public async Task Files_AfterOpenAndJoin_KeepSecretsToTheirOwner()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var bed = new SecurityTestBed();
        var head = bed.Head();
        head.Tokens.Create();
        foreach (var secret in (string[])["ca.key", "node.key", "tokens.json"])
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(bed.Folder("head"), secret)));
        Assert.DoesNotContain(Directory.GetFiles(bed.Folder("head")), file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("10.1.2.3", "10.1.2.3", true)]
    [InlineData("10.1.2.3", "10.1.2.4", false)]
    [InlineData("10.1.2.3", "127.0.0.1", false)]
    [InlineData("127.0.0.1", "localhost", true)]
    [InlineData("127.0.0.2", "127.0.0.1", true)]
    [InlineData("node-b.example", "node-b.example", true)]
    [InlineData("node-b.example", "node-c.example", false)]
    [InlineData("fd00::5", "fd00::5", true)]
    public async Task Issue_Address_IsWhatTheCertificateMatches(string address, string dialled, bool matches)
    {
        await using var bed = new SecurityTestBed();
        var certificate = bed.Node(bed.Head(), "b", address).Certificates.Current;
        Assert.Equal(matches, certificate.MatchesHostname(dialled, allowWildcards: false, allowCommonName: false));
        Assert.Equal(address, NodeIdentity.Read(certificate).Address);
    }

    [Fact]
    public async Task Issue_Node_SaysWhoItIsForThirtyDays()
    {
        await using var bed = new SecurityTestBed();
        var head = bed.Head();
        var tls = bed.Node(head, "node_b.1", "127.0.0.1", NodeRoles.Gateway, NodeRoles.Silo);
        Assert.Equal(("node_b.1", head.Authority.ClusterId), (tls.Identity.Name, tls.Identity.ClusterId));
        Assert.Equal([NodeRoles.Gateway, NodeRoles.Silo], tls.Identity.Roles);
        Assert.Equal(bed.Time.GetUtcNow() + TimeSpan.FromDays(30), tls.Certificates.Expires);
        using var key = tls.Certificates.Current.GetECDsaPrivateKey();
        Assert.Equal(256, key!.KeySize);
        var usages = tls.Certificates.Current.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Cast<Oid>()
            .Select(oid => oid.Value);
        Assert.Equal(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"], usages);
    }
}
