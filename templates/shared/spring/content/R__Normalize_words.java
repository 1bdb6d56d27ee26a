package com.example.shop.content;

import org.springframework.stereotype.Component;

/** Indexes public articles again whose words were stored without their marks, or with compatible characters. */
@Component
class R__Normalize_words extends R__Fold_words {}
