namespace Whence;

using System.Numerics;

/// <summary>Inputs held fixed: what is compared with an input has the input's own values of them.</summary>
internal static class Masks
{
    /// <summary>Copies the inputs held fixed from one row of input to another.</summary>
    public static void Copy<T>(Signature signature, ReadOnlySpan<T> from, Span<T> to) where T : unmanaged
    {
        var start = 0;
        for (var i = 0; i < signature.Inputs.Count; i++)
        {
            var size = Sizes.Of(signature.Inputs[i].Shape);
            if (signature.Inputs[i].IsMask)
                from.Slice(start, size).CopyTo(to[start..]);
            start += size;
        }
    }

    /// <summary>
    /// A point of a path, with what is held fixed as the input has it: a mask's minus infinity is no number to go part of a way with.
    /// </summary>
    public static void Between<T>(Signature signature, ReadOnlySpan<T> reference, ReadOnlySpan<T> input, double alpha, Span<T> row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Rows.Between(reference, input, alpha, row);
        Copy(signature, input, row);
    }

    /// <summary>Sets what is held fixed to zero in a row of input's size.</summary>
    public static void Clear<T>(Signature signature, Span<T> row) where T : unmanaged
    {
        var start = 0;
        for (var i = 0; i < signature.Inputs.Count; i++)
        {
            var size = Sizes.Of(signature.Inputs[i].Shape);
            if (signature.Inputs[i].IsMask)
                row.Slice(start, size).Clear();
            start += size;
        }
    }

    /// <summary>Each input's own references, [inputs, each, InputSize], with what is held fixed taken from the input.</summary>
    public static Span<T> Own<T>(Signature signature, ReadOnlySpan<T> x, ReadOnlySpan<T> references, int each, bool perInput, Span<T> own)
        where T : unmanaged
    {
        var size = signature.InputSize;
        for (var pair = 0; pair < own.Length / size; pair++)
        {
            var row = own.Slice(pair * size, size);
            references.Slice((perInput ? pair : pair % each) * size, size).CopyTo(row);
            Copy(signature, x.Slice(pair / each * size, size), row);
        }
        return own;
    }

    /// <summary>The place of the first element held fixed in which two rows differ, or -1.</summary>
    public static int FirstDifference<T>(Signature signature, ReadOnlySpan<T> x, ReadOnlySpan<T> x0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var start = 0;
        for (var i = 0; i < signature.Inputs.Count; i++)
        {
            var size = Sizes.Of(signature.Inputs[i].Shape);
            for (var k = start; signature.Inputs[i].IsMask && k < start + size; k++)
            {
                if (x[k] != x0[k])
                    return k;
            }
            start += size;
        }
        return -1;
    }
}
