using System.Security.Cryptography.X509Certificates;

namespace Grid.Gateway.Hosting;

/// <summary>The certificate that a gateway shows its clients, read again when its files change. Thread-safe.</summary>
internal sealed class ServerCertificate : IDisposable
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly string _certificateFile;
    private readonly string _keyFile;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private X509Certificate2 _current;
    private (DateTime, DateTime) _writtenAt;
    private long _lookedAt;

    /// <summary>Reads the files.</summary>
    /// <param name="certificateFile">The certificate and its chain, in PEM.</param>
    /// <param name="keyFile">The private key, in PEM.</param>
    /// <param name="timeProvider">The clock of looks at the files.</param>
    /// <param name="logger">The log of files that cannot be read again.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">They are no certificate with its key.</exception>
    public ServerCertificate(string certificateFile, string keyFile, TimeProvider timeProvider, ILogger logger)
    {
        (_certificateFile, _keyFile, _timeProvider, _logger) = (certificateFile, keyFile, timeProvider, logger);
        _writtenAt = WrittenAt();
        _lookedAt = timeProvider.GetTimestamp();
        _current = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
    }

    /// <summary>The certificate for a new connection.</summary>
    public X509Certificate2 Current
    {
        get
        {
            lock (_gate)
            {
                if (_timeProvider.GetElapsedTime(_lookedAt) < LookInterval) return _current;
                _lookedAt = _timeProvider.GetTimestamp();
                Look();
                return _current;
            }
        }
    }

    public void Dispose() => _current.Dispose();

    private void Look()
    {
        try
        {
            var writtenAt = WrittenAt();
            if (writtenAt == _writtenAt) return;
            // The old one may still be in a handshake: the collector disposes it.
            _current = X509Certificate2.CreateFromPemFile(_certificateFile, _keyFile);
            _writtenAt = writtenAt;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException
            or System.Security.Cryptography.CryptographicException)
        {
            _logger.CertificateUnreadable(_certificateFile, fault.Message);
        }
    }

    private (DateTime, DateTime) WrittenAt() => (File.GetLastWriteTimeUtc(_certificateFile), File.GetLastWriteTimeUtc(_keyFile));
}
