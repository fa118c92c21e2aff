namespace Grid.Cli.Doctor;

/// <summary>How two ranks are connected, according to NCCL's log.</summary>
/// <param name="From">The rank that sends.</param>
/// <param name="To">The rank that receives.</param>
/// <param name="Via">The transport, such as NET/IB/0/GDRDMA, NET/Socket/0, P2P/IPC or SHM/direct.</param>
/// <param name="Channels">Lines that say so.</param>
internal sealed record NcclTransport(int From, int To, string Via, int Channels);
