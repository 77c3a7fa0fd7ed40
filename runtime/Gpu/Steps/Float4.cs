namespace Whence.Gpu;

/// <summary>Four neighbours: what a device loads from shared memory at once. Kept in registers; nothing in it is indexed.</summary>
internal readonly struct Float4(float x, float y, float z, float w)
{
    public readonly float X = x;
    public readonly float Y = y;
    public readonly float Z = z;
    public readonly float W = w;

    /// <summary>sum + a * b, each of the four.</summary>
    public static Float4 Add(Float4 sum, float a, Float4 b) =>
        new(sum.X + a * b.X, sum.Y + a * b.Y, sum.Z + a * b.Z, sum.W + a * b.W);
}
