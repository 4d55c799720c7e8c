namespace StemJepa;

/// <summary>
/// A group of floats that one instruction works on: lane i belongs to frame i of a block. Implemented once for each register width, so that
/// the transform is written once and compiled for the machine it runs on.
/// </summary>
internal unsafe interface ILanes<TSelf> where TSelf : struct, ILanes<TSelf>
{
    /// <summary>How many floats there are.</summary>
    static abstract int Count { get; }

    static abstract TSelf Load(float* source);

    static abstract TSelf Broadcast(float value);

    static abstract TSelf operator +(TSelf left, TSelf right);

    static abstract TSelf operator -(TSelf left, TSelf right);

    static abstract TSelf operator *(TSelf left, TSelf right);

    /// <summary>factor * other + addend, fused where the machine can.</summary>
    static abstract TSelf MultiplyAdd(TSelf factor, TSelf other, TSelf addend);

    /// <summary>Natural logarithm.</summary>
    static abstract TSelf Log(TSelf value);

    void Store(float* destination);
}
