using Whence.CompilerServices;

namespace Whence.Networks.Tests.Compiled;

/// <summary>A network that does nothing in part, or what it is given for that, and counts the rows of its whole passes.</summary>
internal sealed class Wholly(IHostPasses<float> net, ILocalPasses<float>? local = null) : IHostPasses<float>
{
    private int rowsPassed;

    public Signature Signature => net.Signature;

    public ILocalPasses<float>? Local => local;

    /// <summary>How many rows went through whole.</summary>
    public int RowsPassed => rowsPassed;

    public void Forward(ReadOnlySpan<float> x, int point, Span<float> value, int rows)
    {
        Interlocked.Add(ref rowsPassed, rows);
        net.Forward(x, point, value, rows);
    }

    public string? FirstNonFinite(ReadOnlySpan<float> x) => net.FirstNonFinite(x);

    public int KeptSize(Pass pass) => net.KeptSize(pass);

    public void Keep(Pass pass, ReadOnlySpan<float> reference, Span<float> kept, int rows) => net.Keep(pass, reference, kept, rows);

    public void Backward(Pass pass, ref BackwardArguments<float> arguments) => net.Backward(pass, ref arguments);
}
