using Grid.Cluster.Joining;
using Grid.Cluster.Tests.Security;

namespace Grid.Cluster.Tests.Joining;

public sealed class JoinTokenTests
{
    private const string Zeros = "0000000000000000000000000000000000000000000000000000000000000000";
    private const string ZerosButOne = "000000000000000000000000000000000000000000000000000000000000000";

    [Fact]
    public async Task Parse_WhatCreatePrints_IsTheSame()
    {
        await using var bed = new SecurityTestBed();
        var head = bed.Head();
        var token = head.Tokens.Create();
        Assert.Equal(token, JoinToken.Parse($" {token}\n"));
        Assert.Equal(head.Authority.Hash, token.AuthorityHash);
        Assert.Equal(148, token.ToString().Length);
        Assert.DoesNotContain('\n', token.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("grid1.a.b.c")]
    [InlineData("grid2." + Zeros + ".000000000000." + Zeros)]
    [InlineData("grid1." + ZerosButOne + "G.000000000000." + Zeros)]
    public void Parse_AnotherForm_SaysWhatATokenIs(string line)
    {
        var fault = Assert.Throws<JoinException>(() => JoinToken.Parse(line));
        Assert.Equal((JoinFault.MalformedToken, 4), (fault.Fault, fault.ExitCode));
        Assert.Contains("grid1.HASH.ID.SECRET", fault.Message);
    }
}
