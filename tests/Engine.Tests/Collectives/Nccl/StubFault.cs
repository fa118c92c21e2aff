namespace Grid.Engine.Tests.Collectives.Nccl;

/// <summary>How the stub misbehaves, in its own order.</summary>
internal enum StubFault
{
    None,
    Fail,
    HangOnStream,
    HangInCall,
    FailLater,
    HangInInit,
}
