using Grid.Engine.Requests;
using Grid.Engine.Tests.Serving;
using Request = Grid.Engine.Requests.Request;

namespace Grid.Engine.Tests.Requests;

public sealed class StopCriteriaTests
{
    private const int Eos = 2;

    [Fact]
    public void Check_OrdinaryToken_GoesOn() => Assert.Equal((null, null), Check(9));

    [Fact]
    public void Check_Eos_StopsWithoutAnId() => Assert.Equal((FinishReason.Stop, null), Check(Eos));

    [Fact]
    public void Check_EosIgnored_GoesOn() => Assert.Equal((null, null), Check(Eos, s => s with { IgnoreEos = true }));

    [Fact]
    public void Check_StopId_StopsWithTheId() =>
        Assert.Equal((FinishReason.Stop, 9), Check(9, s => s with { StopTokenIds = [7, 9], IgnoreEos = true }));

    [Fact]
    public void Check_EosIsAStopIdToo_IsReportedAsEos() =>
        Assert.Equal((FinishReason.Stop, null), Check(Eos, s => s with { StopTokenIds = [Eos] }));

    [Fact]
    public void Check_BeforeMinTokens_GoesOn() =>
        Assert.Equal((null, null), Check(Eos, s => s with { MinTokens = 2, StopTokenIds = [Eos] }));

    [Fact]
    public void Check_MaxTokens_EndsWithLength() => Assert.Equal((FinishReason.Length, null), Check(9, s => s with { MaxTokens = 1 }));

    [Fact]
    public void Check_EosAtMaxTokens_IsAStop() => Assert.Equal((FinishReason.Stop, null), Check(Eos, s => s with { MaxTokens = 1 }));

    [Fact]
    public void Check_ModelLength_EndsWithLengthEvenBeforeMinTokens() =>
        Assert.Equal((FinishReason.Length, null), Check(9, s => s with { MinTokens = 10 }, maxModelLen: 4));

    private static (FinishReason? Reason, int? StopTokenId) Check(int token, Func<SamplingParams, SamplingParams>? sampling = null,
        int maxModelLen = 100)
    {
        var request = new Request(EngineTestBed.Request("a", [4, 5, 6], sampling: sampling) with { EosTokenIds = [Eos] });
        request.Append(token);
        var reason = StopCriteria.Check(request, maxModelLen, out var stopTokenId);
        return (reason, stopTokenId);
    }
}
