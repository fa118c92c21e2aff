using System.Net;
using System.Net.Sockets;

namespace Grid.Engine.Tests.Parallelism.Links;

/// <summary>Two streams that are linked to each other.</summary>
internal static class SocketPair
{
    public static (NetworkStream Near, NetworkStream Far) Open()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var near = new TcpClient();
        near.Connect((IPEndPoint)listener.LocalEndpoint);
        return (near.GetStream(), listener.AcceptTcpClient().GetStream());
    }
}
