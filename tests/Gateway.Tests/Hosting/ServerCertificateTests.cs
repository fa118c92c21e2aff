using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grid.Gateway.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Grid.Gateway.Tests.Hosting;

public sealed class ServerCertificateTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly FakeTimeProvider _time = new();

    private string CertificateFile => Path.Combine(_folder.FullName, "cert.pem");

    private string KeyFile => Path.Combine(_folder.FullName, "key.pem");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Current_FilesRenewed_IsTheNewOne()
    {
        Write("old", DateTime.UnixEpoch);
        using var certificate = new ServerCertificate(CertificateFile, KeyFile, _time, NullLogger.Instance);
        Write("new", DateTime.UnixEpoch.AddDays(1));
        Assert.Equal("CN=old", certificate.Current.Subject);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("CN=new", certificate.Current.Subject);
        Assert.True(certificate.Current.HasPrivateKey);
    }

    [Fact]
    public void Current_FilesBroken_StaysTheLastOne()
    {
        Write("old", DateTime.UnixEpoch);
        using var certificate = new ServerCertificate(CertificateFile, KeyFile, _time, NullLogger.Instance);
        File.WriteAllText(KeyFile, "half of a key");
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("CN=old", certificate.Current.Subject);
        Assert.Throws<CryptographicException>(() => new ServerCertificate(CertificateFile, KeyFile, _time, NullLogger.Instance));
    }

    private void Write(string name, DateTime at)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var made =
            new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
        File.WriteAllText(CertificateFile, made.ExportCertificatePem());
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
        File.SetLastWriteTimeUtc(CertificateFile, at);
        File.SetLastWriteTimeUtc(KeyFile, at);
    }
}
