namespace Grid.Cluster.Security;

/// <summary>Where a node gets its next certificate.</summary>
public interface ICertificateIssuer
{
    /// <summary>A new certificate (PEM) for the node's key.</summary>
    Task<string> RenewAsync(CancellationToken cancellation);
}
