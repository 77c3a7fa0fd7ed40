namespace System;

/// <summary>What list patterns need of the type that .NET Standard lacks.</summary>
internal readonly struct Index(int value, bool fromEnd = false)
{
    public int GetOffset(int length) => fromEnd ? length - value : value;
}
