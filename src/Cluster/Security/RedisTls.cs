using StackExchange.Redis;

namespace Grid.Cluster.Security;

/// <summary>Mutual TLS to the embedded store.</summary>
internal static class RedisTls
{
    /// <summary>Presents the node's certificate and takes a store of this grid alone.</summary>
    /// <param name="options">The address and options of the store.</param>
    /// <param name="tls">This node's TLS; null to use what the options say.</param>
    public static ConfigurationOptions UseNodeTls(this ConfigurationOptions options, NodeTls? tls)
    {
        if (tls is null) return options;
        options.Ssl = true;
        options.SslClientAuthenticationOptions = tls.ClientOptions;
        return options;
    }
}
