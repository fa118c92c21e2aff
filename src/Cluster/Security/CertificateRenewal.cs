
namespace Grid.Cluster.Security;

/// <summary>Renews the node's certificate when two thirds of its life are over, and tries again each hour until it worked.</summary>
/// <param name="certificates">Takes the new certificate.</param>
/// <param name="issuer">The head of the grid, which issues certificates.</param>
/// <param name="log">The log of renewals and failures.</param>
public sealed class CertificateRenewal(NodeCertificates certificates, ICertificateIssuer issuer, TimeProvider time,
    ILogger<CertificateRenewal> log) : BackgroundService
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromHours(1);

    // Timers end at 49 days, and a machine's clock may be set.
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(12);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var wait = certificates.RenewAt - time.GetUtcNow();
            if (wait <= TimeSpan.Zero) wait = await TryRenewAsync(stoppingToken) ? TimeSpan.Zero : RetryAfter;
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait < LongestWait ? wait : LongestWait, time, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> TryRenewAsync(CancellationToken cancellation)
    {
        try
        {
            certificates.Replace(await issuer.RenewAsync(cancellation));
            log.CertificateRenewed(certificates.Expires);
            return certificates.RenewAt > time.GetUtcNow();
        }
        catch (Exception fault) when (!cancellation.IsCancellationRequested)
        {
            log.CertificateNotRenewed(fault.Message, certificates.Expires, RetryAfter);
            return false;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
