using System.Net;
using System.Net.Sockets;

namespace Grid.Hosting.Http;

/// <summary>A free port for servers that cannot report which one they got.</summary>
public static class FreePort
{
    /// <summary>A port that is free now; another process may take it before the caller does.</summary>
    public static int Take(IPAddress address)
    {
        using var listener = new TcpListener(address, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
