namespace Whence;

/// <summary>How much padding a window that slides along an axis is given.</summary>
public enum PaddingRule
{
    /// <summary>As much as the pads say: those of PyTorch, none unless set.</summary>
    Explicit = 0,

    /// <summary>
    /// So much that an axis has ceil(length / stride) windows, half of it before the first element, and the odd one after the last: "same"
    /// of Keras, TensorFlow and PyTorch, SAME_UPPER of ONNX. A transposed convolution makes length * stride elements. Pads cannot be set
    /// beside it.
    /// </summary>
    Same = 1,

    /// <summary>As <see cref="Same"/>, but with the odd one before the first element: SAME_LOWER of ONNX.</summary>
    SameLower = 2,
}
