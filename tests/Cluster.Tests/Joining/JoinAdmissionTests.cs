using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grid.Abstractions.Nodes;
using Grid.Cluster.Joining;
using Grid.Cluster.Security;
using Grid.Cluster.Tests.Security;

namespace Grid.Cluster.Tests.Joining;

public sealed class JoinAdmissionTests
{
    [Theory]
    [InlineData("1.1", true)]
    [InlineData("1.2", false)]
    [InlineData("2.0", false)]
    [InlineData("0.9", false)]
    [InlineData("one", false)]
    public async Task Admit_OtherWireContract_OneMinorApartAtMost(string wire, bool admitted)
    {
        await using var bed = new SecurityTestBed();
        var head = bed.Head();
        var request = Request(bed, head) with { Wire = wire };
        if (admitted) Assert.NotNull(await AdmitAsync(bed, head, request));
        else
        {
            var fault = await Assert.ThrowsAsync<JoinException>(() => AdmitAsync(bed, head, request).AsTask());
            Assert.Equal((JoinFault.WireVersion, 6), (fault.Fault, fault.ExitCode));
            Assert.Contains(wire, fault.Message);
            Assert.Contains(WireContract.Version, fault.Message);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a,O=grid-000000000000")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public async Task Admit_BadName_IsAWrongRequest(string name)
    {
        await using var bed = new SecurityTestBed();
        var head = bed.Head();
        Assert.Equal(JoinFault.BadRequest,
            (await Assert.ThrowsAsync<JoinException>(() => AdmitAsync(bed, head, Request(bed, head) with { Name = name }).AsTask())).Fault);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0.0.0.0")]
    [InlineData("a b")]
    [InlineData("http://a")]
    public async Task Admit_BadAddress_IsAWrongRequest(string address)
    {
        await using var bed = new SecurityTestBed();
        var head = bed.Head();
        Assert.Equal(JoinFault.BadRequest,
            (await Assert.ThrowsAsync<JoinException>(
            () => AdmitAsync(bed, head, Request(bed, head) with { Address = address }).AsTask())).Fault);
    }

    [Fact]
    public async Task Admit_OtherKeys_AreAWrongRequest()
    {
        await using var bed = new SecurityTestBed();
        var head = bed.Head();
        using var rsa = RSA.Create(2048);
        var strange = new CertificateRequest("CN=b", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequestPem();
        foreach (var text in (string[])["", "hello", strange])
            Assert.Equal(JoinFault.BadRequest,
                (await Assert.ThrowsAsync<JoinException>(
                () => AdmitAsync(bed, head, Request(bed, head) with { SigningRequest = text }).AsTask())).Fault);
    }

    [Fact]
    public async Task Admit_Refused_SpendsNoUse()
    {
        await using var bed = new SecurityTestBed();
        var head = bed.Head();
        var request = Request(bed, head, uses: 1);
        await Assert.ThrowsAsync<JoinException>(() => AdmitAsync(bed, head, request with { Wire = "9.0" }).AsTask());
        await Assert.ThrowsAsync<JoinException>(() => AdmitAsync(bed, head, request with { SigningRequest = "" }).AsTask());
        await AdmitAsync(bed, head, request);
        Assert.Equal(JoinFault.SpentToken, (await Assert.ThrowsAsync<JoinException>(() => AdmitAsync(bed, head, request).AsTask())).Fault);
    }

    private static ValueTask<JoinGrant> AdmitAsync(SecurityTestBed bed, HeadSecurity head, JoinRequest request) =>
        new JoinAdmission(head.Authority, head.Tokens, () => SecurityTestBed.Terms, _ => new((string?)null), bed.Time).AdmitAsync(request,
        certificate: null);

    private static JoinRequest Request(SecurityTestBed bed, HeadSecurity head, int? uses = null)
    {
        var token = head.Tokens.Create(uses: uses);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signing = new CertificateRequest("CN=ignored", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
        return new JoinRequest(token.Id, token.Secret, "b", "127.0.0.1", [NodeRoles.Silo], WireContract.Version, bed.Time.GetUtcNow(), null,
            signing);
    }
}
