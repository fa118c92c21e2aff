using Grid.Cli.Doctor;

namespace Grid.Cli.Tests.Doctor;

public sealed class NcclLogTests
{
    // Written by hand in the form of NCCL 2.21 on two nodes of two GPUs.
    private const string Written = """
        gpu-a:413:413 [0] NCCL INFO Bootstrap : Using eth0:10.0.0.4<0>
        gpu-a:413:413 [0] NCCL INFO cudaDriverVersion 12040
        NCCL version 2.21.5+cuda12.4
        gpu-a:413:1201 [0] NCCL INFO NET/IB : Using [0]mlx5_0:1/IB [RO]; OOB eth0:10.0.0.4<0>
        gpu-a:413:1201 [0] NCCL INFO Using network IB
        gpu-a:413:1201 [0] NCCL INFO Channel 00/02 :    0   1   2   3
        gpu-a:413:1201 [0] NCCL INFO Channel 00/0 : 3[1] -> 0[0] [receive] via NET/IB/0/GDRDMA
        gpu-a:413:1201 [0] NCCL INFO Channel 01/0 : 3[1] -> 0[0] [receive] via NET/IB/0/GDRDMA
        gpu-a:413:1201 [0] NCCL INFO Channel 00/0 : 0[0] -> 1[1] via P2P/CUMEM/read
        gpu-a:413:1201 [0] NCCL INFO Channel 01/0 : 0[0] -> 1[1] via P2P/CUMEM/read
        gpu-a:414:1202 [1] NCCL INFO Channel 00/0 : 1[1] -> 2[0] [send] via NET/IB/0/GDRDMA
        gpu-a:414:1202 [1] NCCL INFO Channel 01/0 : 1[1] -> 2[0] [send] via NET/IB/0/GDRDMA
        gpu-b:220:1100 [0] NCCL INFO Channel 00 : 2[0] -> 3[1] via SHM/direct/direct
        gpu-b:221:1101 [1] NCCL INFO Channel 00/0 : 3[1] -> 0[0] [send] via NET/Socket/0
        gpu-b:221:1101 [1] NCCL INFO Connected all rings
        """;

    [Fact]
    public void Parse_ALog_TellsVersionAndTransports()
    {
        var log = NcclLog.Parse(Written.Split('\n'));

        Assert.Equal("2.21.5+cuda12.4", log.Version);
        Assert.Equal(
            [new(0, 1, "P2P/CUMEM/read", 2), new(1, 2, "NET/IB/0/GDRDMA", 2), new(2, 3, "SHM/direct/direct", 1),
            new(3, 0, "NET/Socket/0", 1)],
            log.Transports);
    }

    [Theory]
    [InlineData("a:1:2 [0] NCCL INFO Channel 00 : 0[7] -> 1[7] [send] via NET/IB/GDRDMA", CheckStatus.Ok)]
    [InlineData("a:1:2 [0] NCCL INFO Channel 00/0 : 0[0] -> 8[0] [send] via NET/IB/3/GDRDMA(PCI)", CheckStatus.Ok)]
    [InlineData("a:1:2 [0] NCCL INFO Channel 00/0 : 0[0] -> 8[0] [send] via NET/IB/3", CheckStatus.Warn)]
    [InlineData("a:1:2 [0] NCCL INFO Channel 00/0 : 0[0] -> 8[0] [send] via NET/Socket/0", CheckStatus.Warn)]
    [InlineData("a:1:2 [0] NCCL INFO Channel 00/0 : 0[1b000] -> 1[1c000] via P2P/IPC", CheckStatus.Ok)]
    [InlineData("a:1:2 [0] NCCL INFO Channel 00/0 : 0[0] -> 1[1] via SHM/direct/direct", CheckStatus.Warn)]
    public void Checks_ATransport_IsJudged(string line, object expected)
    {
        var check = Assert.Single(NcclLog.Parse([line]).Checks("log"));

        Assert.Equal("nccl-transport", check.Check);
        Assert.Equal((CheckStatus)expected, check.Status);
    }

    [Fact]
    public void Checks_ALogWithoutTransports_Warns() =>
        Assert.Equal(CheckStatus.Warn, Assert.Single(NcclLog.Parse(["Loading weights"]).Checks("log")).Status);
}
