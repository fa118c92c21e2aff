using System.Net;
using System.Net.Sockets;
using Grid.Abstractions;
using Grid.Node.Options;

namespace Grid.Node.Foundation;

/// <summary>Explains which port could not be opened, and what to do about it.</summary>
internal static class ListenFault
{
    /// <summary>Starts a server.</summary>
    /// <param name="start">Listens on the port.</param>
    /// <param name="address">The address to listen on.</param>
    /// <param name="port">0 for a free one.</param>
    /// <param name="flag">The flag that chose the port.</param>
    /// <exception cref="NodeException">The port is taken or not allowed (1).</exception>
    public static async Task<T> GuardAsync<T>(Func<Task<T>> start, IPAddress address, int port, string flag)
    {
        try
        {
            return await start();
        }
        catch (Exception fault) when (fault is IOException or SocketException)
        {
            throw new NodeException(
                $"Port {port} on {address} cannot be used ({flag}): {Reason(fault)}. Choose another, or 0 for a free one.",
                ExitCodes.Failed, fault);
        }
    }

    /// <summary>Looks whether ports can be had that are listened on later, by parts whose errors say less.</summary>
    /// <exception cref="NodeException">One is taken or not allowed (1).</exception>
    public static async Task RequireAsync(IPAddress address, string flag, params int[] ports)
    {
        foreach (var port in ports)
            if (port != 0) await GuardAsync(() => Task.FromResult(IsFree(address, port)), address, port, flag);
    }

    private static bool IsFree(IPAddress address, int port)
    {
        using var listener = new TcpListener(address, port);
        listener.Start();
        return true;
    }

    private static string Reason(Exception fault) =>
        fault is SocketException { SocketErrorCode: not SocketError.AddressAlreadyInUse } socket
            ? socket.Message
            : "another process listens there";
}
