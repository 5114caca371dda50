"""What a change of contracts breaks: two versions of a bundle, compared by direction."""
